/** Holds a scrolled view in place while what is around it changes. */

/** @typedef {{seq: number, offset: number}} Anchor where a message stood below the upper edge */

/** The posts and events, from the first to the last. @param {HTMLElement} at @returns {HTMLElement[]} */
function posts(at) {
  return [...at.querySelectorAll("[data-seq]")].filter((it) => it instanceof HTMLElement);
}

/**
 * The index of the first post whose lower edge is below `line`, found by halving.
 * @param {HTMLElement[]} all @param {number} line
 */
function after(all, line) {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const post = /** @type {HTMLElement} */ (all[middle]);
    if (post.offsetTop + post.offsetHeight > line) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @param {HTMLElement} post */
const seqOf = (post) => Number(post.dataset.seq);

/** @param {HTMLElement} at */
export function firstInView(at) {
  const all = posts(at);
  return all[after(all, at.scrollTop)];
}

/** The seq of the last message that is in view (its upper half at least). @param {HTMLElement} at */
export function lastInView(at) {
  const all = posts(at);
  const lower = at.scrollTop + at.clientHeight;
  let index = Math.min(after(all, lower - 1), all.length - 1);
  const post = all[index];
  if (post && post.offsetTop + Math.min(post.offsetHeight / 2, 40) > lower) index -= 1;
  const last = all[index];
  return last ? Number(last.dataset.to ?? seqOf(last)) : 0;
}

/**
 * The first post in view. Events will not do, for they fold together with others, nor will the very
 * first post: its author's name goes when it turns out to continue what comes before it.
 * @param {HTMLElement} at
 * @returns {Anchor | null}
 */
export function anchorAt(at) {
  const all = posts(at).filter((it) => it.dataset.to === undefined);
  const post = all[Math.max(1, after(all, at.scrollTop))] ?? all[0];
  return post ? { seq: seqOf(post), offset: post.offsetTop - at.scrollTop } : null;
}

/** @param {HTMLElement} at @param {Anchor} anchor @returns {boolean} whether it is still there */
export function restore(at, { seq, offset }) {
  const post = at.querySelector(`[data-seq="${seq}"]`);
  if (!(post instanceof HTMLElement)) return false;
  const top = post.offsetTop - offset;
  if (Math.abs(at.scrollTop - top) > 0.5) at.scrollTop = top;
  return true;
}
