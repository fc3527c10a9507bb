/** Lets one through per interval (real time): a log line that would otherwise repeat for as long as an outage lasts. */
export class Seldom {
  private next = 0;

  constructor(private readonly milliseconds: number) {}

  now(): boolean {
    const now = performance.now();
    if (now < this.next) return false;
    this.next = now + this.milliseconds;
    return true;
  }
}
