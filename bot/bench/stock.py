"""A stock Rasa zh bot on the same training data: what one gets by following Rasa's own defaults.

JiebaTokenizer, bags of words and character n-grams, DIET, TED and rules; one custom action per intent in a
plain rasa-sdk action server, as any bot that decides something needs.
Nothing in it is ours but the sentences.

What is compared: one HTTP request of a firm until its answer is there, each bot as its processes are started
by default, both without telemetry and debug logging. Not equal, and to the stock bot's advantage: its actions
compute nothing and answer with the intent's name, and its trackers stay in memory, where ours judges 17
products, commits two transactions to the disk before it answers, and encrypts what people wrote. To ours:
the sentences come again in every round, and its sentence vectors are remembered for a while; Rasa remembers
none.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from bot.bench.evaluation import Sentence, accuracy, likeliest
from bot.bench.processes import BenchError, cpu_seconds, finished, running, seconds_until, weigh
from bot.bench.result import Measured
from bot.bench.talk import Say, percentile, time_turns
from bot.engine_process import engine_environ, engine_python, free_port
from bot.settings import ROOT

CONFIG = """\
recipe: default.v1
assistant_id: stock
language: zh
pipeline:
  - name: JiebaTokenizer
  - name: RegexFeaturizer
    use_word_boundaries: false
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: TEDPolicy
    max_history: 5
    epochs: {epochs}
    constrain_similarities: true
"""

ACTIONS = """\
from rasa_sdk import Action


def _action(intent):
    class Answer(Action):
        def name(self):
            return f"action_{intent}"

        async def run(self, dispatcher, tracker, domain):
            dispatcher.utter_message(text=f"{intent}: {tracker.latest_message.get('text')}")
            return []

    Answer.__name__ = f"Answer_{intent}"
    return Answer


for _intent in {intents}:
    globals()[f"Answer_{_intent}"] = _action(_intent)
"""


def _project(folder: Path, epochs: int) -> None:
    """Writes the stock project: our sentences and rules, Rasa's default settings, two stories for TED."""
    yaml = YAML(typ="safe")
    rules = yaml.load((ROOT / "data" / "rules.yml").read_text("utf-8"))["rules"]
    pairs = [(rule["steps"][0]["intent"], rule["steps"][1]["action"]) for rule in rules]
    domain = {
        "version": "3.1",
        "intents": [intent for intent, _ in pairs],
        "actions": sorted({action for _, action in pairs}),
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }
    named = dict(pairs)
    talks = [
        ["greet", "seek_funding", "inform", "ask_product", "inform", "check_eligibility", "request_human"],
        ["ask_policy", "seek_funding", "inform", "dont_know", "ask_why", "correct_info", "thank", "goodbye"],
    ]
    stories = [
        {"story": f"talk {number}", "steps": [step for intent in talk for step in _steps(intent, named)]}
        for number, talk in enumerate(talks, start=1)
    ]
    (folder / "data").mkdir(parents=True)
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        shutil.copy(path, folder / "data" / path.name)
    shutil.copy(ROOT / "data" / "rules.yml", folder / "data" / "rules.yml")
    (folder / "config.yml").write_text(CONFIG.format(epochs=epochs), "utf-8")
    # JSON is YAML.
    (folder / "domain.yml").write_text(json.dumps(domain), "utf-8")
    (folder / "data" / "stories.yml").write_text(json.dumps({"version": "3.1", "stories": stories}), "utf-8")
    (folder / "credentials.yml").write_text("rest:\n", "utf-8")
    intents = [action.removeprefix("action_") for action in domain["actions"]]
    (folder / "actions.py").write_text(ACTIONS.replace("{intents}", repr(intents)), "utf-8")


def _steps(intent: str, action_of: dict[str, str]) -> list[dict[str, str]]:
    return [{"intent": intent}, {"action": action_of[intent]}]


def _key(epochs: int) -> str:
    digest = hashlib.sha256(CONFIG.format(epochs=epochs).encode() + ACTIONS.encode())
    for path in sorted((ROOT / "data").rglob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


async def prepare(epochs: int) -> Path:
    """The stock project's folder with its trained model; trained once for the same data and settings.

    Raises BenchError where Rasa's training fails.
    """
    folder = ROOT / "models" / f"stock-{_key(epochs)}"
    if (folder / "trained.json").is_file():
        return folder
    for old in (ROOT / "models").glob("stock-*"):
        shutil.rmtree(old)
    _project(folder, epochs)
    log = folder / "train.log"
    began = time.monotonic()
    command = [*_rasa(), "train", "--out", "models", "--fixed-model-name", "stock"]
    await finished(command, cwd=folder, env=_environ(), log=log, what="the stock bot's training")
    (folder / "trained.json").write_text(json.dumps({"seconds": time.monotonic() - began}), "utf-8")
    return folder


def _rasa() -> list[str]:
    return [str(engine_python()), "-m", "rasa"]


def _environ() -> dict[str, str]:
    # Both bots without telemetry and without debug logging: the defaults would only slow the stock bot down.
    return engine_environ(
        RASA_TELEMETRY_ENABLED="false", LOG_LEVEL="WARNING", TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=""
    )


async def measure(folder: Path, *, loads: list[tuple[int, int]], sentences: list[Sentence]) -> Measured:
    """Starts the prepared bot and its action server, talks over its REST channel and ends both."""
    port, actions_port = free_port(), free_port()
    (folder / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n", "utf-8"
    )
    log = folder / "run.log"
    sdk = [str(engine_python()), "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)]
    serve = [*_rasa(), "run", "--enable-api", "--port", str(port), "--interface", "127.0.0.1"]
    async with (
        running(sdk, cwd=folder, env=_environ(), log=folder / "actions.log") as sdk_pid,
        running([*serve, "--model", "models/stock.tar.gz"], cwd=folder, env=_environ(), log=log) as pid,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client,
    ):

        async def parse(text: str) -> dict[str, Any] | None:
            try:
                answer = await client.post("/model/parse", json={"text": text})
            except httpx.HTTPError:
                return None
            return answer.json() if answer.status_code == 200 else None

        async def ready() -> bool:
            return await parse("你好") is not None

        measured = Measured(
            name="stock Rasa zh",
            ready_s=await seconds_until(ready, pid=pid, what="the stock bot", log=log),
            training_s=json.loads((folder / "trained.json").read_text("utf-8"))["seconds"],
        )

        async def begin(number: int) -> Say:
            sender = f"bench-{os.urandom(6).hex()}-{number}"

            async def say(text: str) -> None:
                answer = await client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
                if answer.status_code != 200 or not answer.json():
                    raise BenchError(f"the stock bot gave no answer ({answer.status_code}) to {text}")

            return say

        await time_turns(begin, conversations=2, rounds=1)
        for conversations, rounds in loads:
            timing = await time_turns(
                begin, conversations=conversations, rounds=rounds, cpu_s=lambda: cpu_seconds(pid, sdk_pid)
            )
            measured.timings.append(timing)
        measured.processes = weigh(pid) + weigh(sdk_pid)
        if sentences:

            async def intent_of(sentence: Sentence) -> str:
                parsed = await parse(sentence.text)
                ranking = (parsed or {}).get("intent_ranking", [])
                return likeliest([(one["name"], one["confidence"]) for one in ranking])

            measured.intent_accuracy, times = await accuracy(sentences, intent_of)
            measured.parse_p50_ms, measured.parse_p95_ms = percentile(times, 0.5), percentile(times, 0.95)
    return measured
