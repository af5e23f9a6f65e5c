/** What went wrong with a request, told in words that can be shown. */

/** @typedef {{code: string, message: string, retryable?: boolean, retry_after?: number}} Told */

export class Failure extends Error {
  /**
   * @param {Told} told what the server (or the network) said
   * @param {number} [status] the HTTP status, 0 where there is none
   */
  constructor(told, status = 0) {
    super(told.message);
    this.code = told.code;
    this.retryable = told.retryable ?? false;
    /** Seconds to wait before trying again. */
    this.retryAfter = told.retry_after ?? 0;
    this.status = status;
  }
}
