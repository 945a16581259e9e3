// Chinese punctuation for the screen. The policy data and the phrases are typed with half-width marks,
// which look like gaps in large Chinese type; what a firm or an officer wrote is never touched.

const HAN = "\\u3400-\\u9fff《》「」〔〕（）“”、。%％";
const WIDE = { ",": "，", ";": "；", ":": "：", "?": "？", "!": "！" };
const MARK = new RegExp(`(?<=[${HAN}])[,;:?!]|[,;:?!](?=[${HAN}])`, "gu");
const BRACKETS = new RegExp(`(?<=[${HAN}])\\(([^()\\n]*)\\)|\\(([^()\\n]*[${HAN}][^()\\n]*)\\)`, "gu");

// An address cannot be followed at a kiosk; who publishes it can be read.
const ADDRESS = /https?:\/\/([\w.-]+)[\w./?=&%#~:+-]*/g;

/** @param {string} text */
export function typeset(text) {
  return text
    .replace(ADDRESS, "$1")
    .replace(BRACKETS, (whole, after, within) => `（${after ?? within}）`)
    .replace(MARK, (mark) => WIDE[mark]);
}
