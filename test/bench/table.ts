export type Row = (string | number)[];

export function table(head: Row, rows: Row[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => String(row[column]).length)));
  return all.map((row) => row.map((cell, column) => String(cell).padStart(widths[column])).join('  '));
}
