import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { MalformedMultipart, readMultipart } from './multipart.js';

const TYPE = 'multipart/form-data; boundary=----x7';

const body = (parts: [string, Buffer | string, string?][]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(([name, content, fileName]) => [
      Buffer.from(
        `------x7\r\nContent-Disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n\r\n`,
      ),
      Buffer.from(content as string),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('------x7--\r\n'),
  ]);

const inChunks = (bytes: Buffer, size: number): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );

async function bytesOf(file: AsyncIterable<Buffer> | null): Promise<Buffer | null> {
  if (!file) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of file) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('a form with a file', () => {
  it('gives the same fields and bytes however the network cuts it, also with delimiters half-written inside', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constantFrom('\r\n', '\r\n--', '\r\n------x', '--')),
        ),
        fc.integer({ min: 1, max: 90 }),
        async (pieces, size) => {
          const file = Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
          if (file.includes('\r\n------x7')) return;
          const form = await readMultipart(
            inChunks(
              body([
                ['_csrf', 'tökén'],
                ['kind', 'schools'],
                ['file', file, 'a.csv'],
              ]),
              size,
            ),
            TYPE,
          );
          expect(form).toMatchObject({ _csrf: 'tökén', kind: 'schools' });
          expect(await bytesOf(form.file)).toEqual(file);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has no file when none was chosen', async () => {
    const form = await readMultipart(
      inChunks(
        body([
          ['kind', 'links'],
          ['file', '', ''],
        ]),
        16,
      ),
      TYPE,
    );
    expect(form).toEqual({ kind: 'links', file: null });
  });

  it.each([
    ['no boundary', Buffer.from('x'), 'multipart/form-data'],
    ['not a form', Buffer.from('hello, this is not a form at all'), TYPE],
    ['cut short in a header', body([['file', 'x', 'a']]).subarray(0, 30), TYPE],
    ['a header without end', Buffer.concat([Buffer.from('------x7\r\n'), Buffer.alloc(20_000, 97)]), TYPE],
    ['endless fields', body([['a', 'b'.repeat(70_000)]]), TYPE],
  ])('refuses %s', async (_what, bytes, type) => {
    await expect(readMultipart(inChunks(bytes, 1_000), type)).rejects.toThrow(MalformedMultipart);
  });

  it('says so when the file is cut short', async () => {
    const bytes = body([['file', 'some content', 'a.csv']]);
    const { file } = await readMultipart(inChunks(bytes.subarray(0, bytes.length - 20), 10), TYPE);
    await expect(bytesOf(file)).rejects.toThrow('the form ends in the middle');
  });
});
