/** How far a durable handler has come: events are taken in order of position, and done in any order. */
export class Progress {
  /** Everything up to here is done. */
  #done: number;
  #taken: number;
  /** Positions that were taken and are not done, in order. */
  readonly #open = new Set<number>();

  constructor(position: number) {
    this.#done = position;
    this.#taken = position;
  }

  /** The contiguous end of what is done. */
  get position(): number {
    return this.#done;
  }

  /** An event at this position is being handled from now on. */
  take(position: number): void {
    this.#open.add(position);
    this.#taken = Math.max(this.#taken, position);
  }

  /** Everything up to this position was looked at; what was not taken needs no work. */
  pass(position: number): void {
    this.#taken = Math.max(this.#taken, position);
    this.#settle();
  }

  finish(position: number): void {
    this.#open.delete(position);
    this.#settle();
  }

  // A set keeps the order in which it was filled: its first entry is the earliest open position.
  #settle(): void {
    const [first] = this.#open;
    this.#done = Math.max(this.#done, first === undefined ? this.#taken : first - 1);
  }
}
