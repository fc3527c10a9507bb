/** As long as somebody who was handed a row is left alone: an older hint is void, because the sweep has taken its row. */
const WINDOW_MILLISECONDS = 2_000;
const LEAST = 32;

/**
 * How many hints the queue may be given now. More than its workers finish before the hints grow stale would be worked off twice:
 * once by the sweep, which takes the rows back, and once by workers that find nothing to do.
 */
export class HintWindow {
  private given = 0;
  private finished = 0;
  private finishedBefore = 0;
  private began = 0;

  constructor(private readonly milliseconds: () => number = () => performance.now()) {}

  room(): number {
    this.roll();
    return Math.max(0, Math.max(LEAST, 2 * this.finishedBefore) + this.finished - this.given);
  }

  give(hints: number): void {
    this.roll();
    this.given += hints;
  }

  finish(): void {
    this.roll();
    this.finished += 1;
  }

  private roll(): void {
    const passed = this.milliseconds() - this.began;
    if (passed < WINDOW_MILLISECONDS) return;
    this.began += passed;
    this.finishedBefore = passed < 2 * WINDOW_MILLISECONDS ? this.finished : 0;
    this.given = 0;
    this.finished = 0;
  }
}
