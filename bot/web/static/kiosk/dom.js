// Builds elements. Whatever a person, a bot or an officer wrote only ever becomes a text node,
// so that markup in it stays text.

const SVG = "http://www.w3.org/2000/svg";
const staticPath = document.documentElement.dataset.static;

/** A screen that many people use: nothing may be saved to its disk, and no second window can be left again. */
export const shared = Boolean(document.documentElement.dataset.kiosk);

/**
 * @param {string} tag
 * @param {Record<string, string|boolean|Function|undefined>} attributes `onclick` etc. take functions;
 *   `true` sets an empty attribute, `false` and `undefined` set none
 * @param {...(Node|string|null|undefined|false)} children strings become text nodes
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** @param {string} name a symbol of img/icons.svg */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${staticPath}/img/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} id */
export function byId(id) {
  return document.getElementById(id);
}
