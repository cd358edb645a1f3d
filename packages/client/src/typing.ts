export interface TypingOptions {
  /** Tells the others that one is writing, or no longer. */
  tell: (typing: boolean) => void;
  onChange: () => void;
}

const sayAgainAfter = 3_000;
const ownSilence = 5_000;
const othersFade = 10_000;

/** Who is writing: oneself, told seldom; and others, forgotten when nothing more is heard of them. */
export class Typing {
  readonly #options: TypingOptions;
  readonly #others = new Map<string, ReturnType<typeof setTimeout>>();
  #toldAt: number | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #participants: readonly string[] = [];

  constructor(options: TypingOptions) {
    this.#options = options;
  }

  get participants(): readonly string[] {
    return this.#participants;
  }

  /** A keystroke of one's own. */
  write(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.stop(), ownSilence);
    const now = Date.now();
    if (this.#toldAt !== undefined && now - this.#toldAt < sayAgainAfter) return;
    this.#toldAt = now;
    this.#options.tell(true);
  }

  stop(): void {
    clearTimeout(this.#silence);
    if (this.#toldAt === undefined) return;
    this.#toldAt = undefined;
    this.#options.tell(false);
  }

  /** Word of somebody else. */
  hear(participantId: string, typing: boolean): void {
    const known = this.#others.get(participantId);
    clearTimeout(known);
    if (!typing && known === undefined) return;
    if (typing) {
      const timer = setTimeout(() => this.hear(participantId, false), othersFade);
      this.#others.set(participantId, timer);
    } else {
      this.#others.delete(participantId);
    }
    if (typing && known !== undefined) return;
    this.#participants = [...this.#others.keys()];
    this.#options.onChange();
  }

  close(): void {
    clearTimeout(this.#silence);
    for (const timer of this.#others.values()) clearTimeout(timer);
    this.#others.clear();
  }
}
