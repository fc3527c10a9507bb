import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { csvRecords } from './csv-records.js';
import { tableRows } from './csv-table.js';
import { FileRefused } from './import-line.js';

const layout = { needed: ['URN', 'Name'], optional: ['Town'], everyCell: true } as const;
const bytes = (text: string, encoding: BufferEncoding = 'latin1') => Buffer.from(text, encoding);

async function all<T>(lines: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const line of lines) found.push(line);
  return found;
}
const read = (...chunks: Uint8Array[]) => all(tableRows(chunks, layout));
const records = (text: string) => all(csvRecords([bytes(text)]));

describe('tables', () => {
  it('find columns by header: any order, any letter case, others ignored, CRLF and quoted commas', async () => {
    expect(await read(bytes('Other,NAME,"urn"\r\nx,"Oak, Ash and ""Thorn""",900001\r\n'))).toEqual([
      { line: 2, cells: { URN: '900001', Name: 'Oak, Ash and "Thorn"', Town: '' } },
    ]);
  });

  it.each([
    ['UTF-8', bytes('URN,Name\n1,Bryn Môr’s\n', 'utf8')],
    ['UTF-8 with a byte order mark', bytes('\ufeffURN,Name\n1,Bryn Môr’s\n', 'utf8')],
    ['Windows-1252', bytes('URN,Name\n1,Bryn M\xf4r\x92s\n')],
  ])('read %s', async (_, file) => {
    expect(await read(file)).toEqual([{ line: 2, cells: { URN: '1', Name: 'Bryn Môr’s', Town: '' } }]);
  });

  it('read the same however the bytes arrive', async () => {
    const file = bytes('\ufeffURN,Name,Town\r\n1,"Tŷ\r\nGwyn",Aber\r\n\r\n2,Zoë,\r\n', 'utf8');
    const whole = await read(file);
    expect(whole.map(({ line }) => line)).toEqual([2, 5]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: file.length }), { maxLength: 6 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), file.length];
        const chunks = at.slice(1).map((end, index) => file.subarray(at[index], end));
        expect(await read(...chunks)).toEqual(whole);
      }),
    );
  });

  it('name the columns that are missing', async () => {
    await expect(read(bytes('Name,Town\nx,y\n'))).rejects.toMatchObject({ missing: ['URN'] });
    await expect(read(bytes(''))).rejects.toMatchObject({ missing: ['URN', 'Name'] });
    await expect(read(bytes('900001,Riverside\n900002,Oakfield\n'))).rejects.toThrow('"URN", "Name"');
  });

  it('refuse UTF-16 with advice', async () => {
    await expect(read(Buffer.from('\ufeffURN,Name\n', 'utf16le'))).rejects.toThrow(/UTF-16.*CSV UTF-8/);
    await expect(read(Buffer.from('\ufeffURN,Name\n', 'utf16le'))).rejects.toBeInstanceOf(FileRefused);
  });

  it('pass title lines above the header', async () => {
    expect(await read(bytes('Register of things\nAs at 1 October,,\nURN,Name\n1,a\n'))).toEqual([
      { line: 4, cells: { URN: '1', Name: 'a', Town: '' } },
    ]);
  });

  it('list a truncated row and one with too many cells, and go on', async () => {
    expect(await read(bytes('URN,Name,Town\n1,a,b,c\n2,d,e\n3,f'))).toEqual([
      { line: 2, problem: 'The line has 4 cells where the header has 3.' },
      { line: 3, cells: { URN: '2', Name: 'd', Town: 'e' } },
      { line: 4, problem: 'The line has 2 cells where the header has 3.' },
    ]);
  });

  it('allow short rows in files written by hand', async () => {
    const rows = await all(tableRows([bytes('URN,Name,Town\n1,a\n,,\n')], { ...layout, everyCell: false }));
    expect(rows).toEqual([{ line: 2, cells: { URN: '1', Name: 'a', Town: '' } }]);
  });
});

describe('records', () => {
  it('a quotation mark that never closes costs one line', async () => {
    expect(await records('1,"open\n2,good\n3,"fine"\n4,"x\ny"\n')).toEqual([
      { line: 1, problem: 'A quotation mark stands in the wrong place.' },
      { line: 2, cells: ['2', 'good'] },
      { line: 3, cells: ['3', 'fine'] },
      { line: 4, cells: ['4', 'x\ny'] },
    ]);
    expect(await records('1,"open\n2,good\n')).toEqual([
      { line: 1, problem: 'A quotation mark is opened and never closed.' },
      { line: 2, cells: ['2', 'good'] },
    ]);
  });

  it('a line without end is skipped in constant memory', async () => {
    const chunk = Buffer.alloc(64 * 1024, 0x61);
    function* endless() {
      yield bytes('1,a\n2,');
      for (let n = 0; n < 1024; n += 1) yield chunk;
      yield bytes('\n3,c\n');
    }
    const before = process.memoryUsage().rss;
    expect(await all(csvRecords(endless()))).toEqual([
      { line: 1, cells: ['1', 'a'] },
      { line: 2, problem: 'The line is longer than 256 kB and was skipped.' },
      { line: 3, cells: ['3', 'c'] },
    ]);
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  });

  it('what was written by the rules of CSV is read back, with the right line', async () => {
    const cell = fc.string({ unit: 'grapheme-ascii', maxLength: 8 }).map((text) => text.replace(/\r/g, ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }),
        async (rows) => {
          const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
          const found = await records(`${quoted.join('\r\n')}\r\n`);
          let line = 1;
          expect(found).toEqual(
            rows.map((cells, index) => {
              const start = line;
              line += quoted[index]?.split('\n').length ?? 0;
              return { line: start, cells };
            }),
          );
        },
      ),
    );
  });
});
