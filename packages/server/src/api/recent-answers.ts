/** The latest answers, so that who asks for the same again gets the same text. */
export class RecentAnswers {
  readonly #answers = new Map<string, string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The answer under a key that says all that it depends on; made when it is not known. */
  get(key: string, make: () => string): string {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = Buffer.from(make()).toString();
    this.#answers.set(key, answer);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > this.#limit && !oldest.done) this.#answers.delete(oldest.value);
    return answer;
  }
}
