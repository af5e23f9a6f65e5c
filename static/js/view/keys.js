/** Keys that several views share. */

/**
 * Up and down move the focus among the elements that match.
 * @param {string} selector
 * @returns {(event: KeyboardEvent) => void}
 */
export function arrows(selector) {
  return (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !(event.currentTarget instanceof HTMLElement)) return;
    /** @type {HTMLElement[]} */
    const all = [...event.currentTarget.querySelectorAll(selector)].filter((it) => it instanceof HTMLElement);
    const at = all.findIndex((it) => it.contains(document.activeElement));
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus();
  };
}

/** An input method is at work: its Enter chooses a word. @param {KeyboardEvent} event */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;
