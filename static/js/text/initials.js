/** What stands for a face: initials, and a colour that belongs to the account. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** @param {string} text */
const firstOf = (text) => [...segmenter.segment(text)][0]?.segment ?? "";

/** "Ann Lee" → "AL", "安然" → "安" @param {string} nickname */
export function initials(nickname) {
  const words = nickname.trim().split(/[\s._-]+/).filter(Boolean);
  const latin = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
  const [first = "", second = ""] = words;
  const both = latin.test(first) && latin.test(second);
  return (firstOf(first) + (both ? firstOf(second) : "")).toLocaleUpperCase();
}

/** One of twelve hues, the same for an account everywhere. @param {string} id */
export function hue(id) {
  let hash = 7;
  for (const letter of id) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return (hash % 12) * 30 + 15;
}
