/**
 * Domain time as a chain of straight lines over real time: each piece begins at a real instant, shows a domain instant
 * and runs at a speed. Every process of the harness reads the same file, so all tell the same time.
 */
const pieceAtReal = (pieces, realMs) => pieces.findLast((piece) => piece.realMs <= realMs) ?? pieces[0];

/** @returns domain milliseconds at a real instant */
export function domainAt(pieces, realMs) {
  const piece = pieceAtReal(pieces, realMs);
  return piece.domainMs + (realMs - piece.realMs) * piece.speed;
}

/** @returns real milliseconds at which the domain clock shows this */
export function realAt(pieces, domainMs) {
  const piece = pieces.findLast((each) => each.domainMs <= domainMs) ?? pieces[0];
  return piece.realMs + (domainMs - piece.domainMs) / piece.speed;
}
