/** Tells whether a message is nothing but a few emoji, which are shown larger. */

const LONE = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u200d\ufe0f\s]){1,12}$/u;

/** @param {string} text */
export const isLoneEmoji = (text) => text.length <= 24 && LONE.test(text) && text.trim() !== "";
