const sayAgainAfter = 3_000;
const silence = 5_000;

/** Tells the others that one is writing: seldom, and no longer after some silence. */
export class Typing {
  readonly #tell: (typing: boolean) => void;
  #toldAt: number | undefined;
  #ending: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (typing: boolean) => void) {
    this.#tell = tell;
  }

  /** A keystroke. */
  write(): void {
    clearTimeout(this.#ending);
    this.#ending = setTimeout(() => this.stop(), silence);
    const now = Date.now();
    if (this.#toldAt !== undefined && now - this.#toldAt < sayAgainAfter) return;
    this.#toldAt = now;
    this.#tell(true);
  }

  stop(): void {
    clearTimeout(this.#ending);
    if (this.#toldAt === undefined) return;
    this.#toldAt = undefined;
    this.#tell(false);
  }
}
