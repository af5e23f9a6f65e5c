/** What forms in dialogs share: one try at a time, and the failure told beside it. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { Failure } from "../net/failure.js";

/**
 * @param {() => Promise<unknown>} action
 * @returns {{busy: boolean, problem: string, submit: (event: Event) => Promise<void>}}
 */
export function useForm(action) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, submit };
}

/** @param {{text: string}} props */
export function Problem({ text }) {
  return html`<div role="alert">${text && html`<p class="problem">${text}</p>`}</div>`;
}

/**
 * One of several, under its label; `set` gets the value as text.
 * @param {{label: string, value: string | number, set: (value: string) => void, options: [value: string | number, text: string][]}} props
 */
export function Choice({ label, value, set, options }) {
  return html`
    <label class="field">${label}
      <select value=${value} onChange=${(/** @type {any} */ event) => set(event.currentTarget.value)}>
        ${options.map(([it, text]) => html`<option key=${it} value=${it}>${text}</option>`)}
      </select>
    </label>
  `;
}

/** The value typed. @param {(value: string) => void} set */
export const typed = (set) => (/** @type {{currentTarget: HTMLInputElement}} */ event) => set(event.currentTarget.value);
