/** Rows on their way into one multi-row statement: an array for each column, in the order of `unnest`. */
export class Columns {
  readonly arrays: unknown[][];

  constructor(width: number) {
    this.arrays = Array.from({ length: width }, () => []);
  }

  add(...values: readonly unknown[]): void {
    for (const [index, array] of this.arrays.entries()) array.push(values[index] ?? null);
  }

  get rows(): number {
    return this.arrays[0]?.length ?? 0;
  }
}
