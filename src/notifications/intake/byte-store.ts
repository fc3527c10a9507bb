/**
 * Many byte strings as one binary parameter: SQL cuts each out by offset and length. As an array they would travel as
 * hexadecimal text and be parsed twice.
 */
export class ByteStore {
  private readonly parts: Buffer[] = [];
  private length = 0;

  /** @returns where it begins, counted from 1 as SQL's substring does */
  add(bytes: Buffer): number {
    const start = this.length + 1;
    this.parts.push(bytes);
    this.length += bytes.length;
    return start;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts, this.length);
  }
}
