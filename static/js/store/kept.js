/** A small corner of the browser's storage that never throws (it may be full, or forbidden). */

export class Kept {
  /** @param {string} prefix @param {Storage | null} storage */
  constructor(prefix, storage) {
    this.prefix = prefix;
    this.storage = storage;
  }

  /** @param {string} key */
  get(key) {
    try {
      return this.storage?.getItem(this.prefix + key) ?? "";
    } catch {
      return "";
    }
  }

  /** An empty value is not kept. @param {string} key @param {string} value */
  set(key, value) {
    try {
      if (value) this.storage?.setItem(this.prefix + key, value);
      else this.storage?.removeItem(this.prefix + key);
    } catch {
      // Full or forbidden: what is written still lives in the page.
    }
  }

  /** Leave nothing behind. */
  clear() {
    for (const key of this.keys()) this.set(key, "");
  }

  keys() {
    const all = Array.from({ length: this.storage?.length ?? 0 }, (_none, n) => this.storage?.key(n) ?? "");
    return all.filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
  }
}

/** The browser's own storage, or none where it is forbidden. */
export function browserStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
