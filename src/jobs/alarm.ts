/** A sleep that can be cut short. A wake-up while nobody sleeps is kept for the next sleeper. */
export class Alarm {
  private pending = false;
  private ring: (() => void) | undefined;

  wake(): void {
    this.pending = true;
    this.ring?.();
  }

  async sleep(milliseconds: number): Promise<void> {
    if (!this.pending && milliseconds > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.ring = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.ring = undefined;
    }
    this.pending = false;
  }
}
