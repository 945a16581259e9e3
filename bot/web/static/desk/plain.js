// Pages without anything live: keys only.

import { onKeys } from "./keys.js";

onKeys({ Escape: () => location.assign("/desk") });
