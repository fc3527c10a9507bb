/** So many at a time; the others wait in line, and leave it when they have waited long enough. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** @returns what gives the slot back, or null when none became free in time */
  async take(withinMilliseconds: number): Promise<(() => void) | null> {
    if (this.free > 0) {
      this.free -= 1;
      return this.releaser();
    }
    return new Promise((resolve) => {
      const mine = (): void => {
        clearTimeout(timer);
        resolve(this.releaser());
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(mine), 1);
        resolve(null);
      }, withinMilliseconds);
      this.waiting.push(mine);
    });
  }

  private releaser(): () => void {
    let done = false;
    return () => {
      if (done) return;
      done = true;
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    };
  }
}
