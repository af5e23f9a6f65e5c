/** A new id for an own message, also where `crypto.randomUUID` is missing (plain http). */

const ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz";

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
