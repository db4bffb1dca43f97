/**
 * Answers to questions that may be asked again soon: those that were asked last, `most` of them. The answer to a
 * question must not change.
 */
export class LatestAnswers<Answer extends NonNullable<unknown>> {
  readonly #answers = new Map<string, Answer>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The answer that is known, or the one that `make` gives. */
  get(question: string, make: () => Answer): Answer {
    const answer = this.#answers.get(question) ?? make();
    this.#answers.delete(question);
    this.#answers.set(question, answer);
    const [oldest] = this.#answers.size > this.#most ? this.#answers.keys() : [];
    if (oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }
}
