export interface Piece {
  realMs: number;
  domainMs: number;
  /** Domain seconds per real second. */
  speed: number;
}
export function domainAt(pieces: readonly Piece[], realMs: number): number;
export function realAt(pieces: readonly Piece[], domainMs: number): number;
