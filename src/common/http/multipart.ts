import type { Readable } from 'node:stream';

/** The body of a form with one file, which comes last: what stands before it as text, the file as it arrives. */
export type UploadForm = Record<string, unknown> & {
  /** Null when the form had no file, or none was chosen. Throws while reading when the upload is cut short. */
  readonly file: AsyncIterable<Buffer> | null;
};

const LONGEST_HEADER = 8 * 1024;
/** All fields before the file together. */
const LONGEST_FIELDS = 64 * 1024;

/** The body is not a form as browsers send it. */
export class MalformedMultipart extends Error {
  readonly statusCode = 400;
}

/**
 * Reads multipart/form-data (RFC 7578) up to its first file, in constant memory. No package of this installation does it,
 * and one file after a few short fields is all that a form of ours ever sends.
 * @throws MalformedMultipart
 */
export async function readMultipart(stream: Readable, contentType: string): Promise<UploadForm> {
  const boundary = /;\s*boundary=(?:"([^"]{1,200})"|([^;\s]{1,200}))/i.exec(contentType);
  if (!boundary) throw new MalformedMultipart('no boundary');
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2] ?? ''}`);
  const reader = new PartReader(stream, delimiter);
  const fields: [string, string][] = [];
  let size = 0;
  while (await reader.nextPart()) {
    const header = await reader.header();
    const name = /;\s*name="([^"]*)"/i.exec(header)?.[1] ?? '';
    const fileName = /;\s*filename="([^"]*)"/i.exec(header);
    if (fileName) {
      if (fileName[1] !== '') return { ...Object.fromEntries(fields), file: reader.content() };
      for await (const _nothing of reader.content());
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of reader.content()) {
      size += chunk.length;
      if (size > LONGEST_FIELDS) throw new MalformedMultipart('the fields are too long');
      chunks.push(chunk);
    }
    fields.push([name, Buffer.concat(chunks).toString('utf8')]);
  }
  return { ...Object.fromEntries(fields), file: null };
}

class PartReader {
  /** The body's first delimiter has no line end before it: with this one in front all delimiters are alike. */
  private buffer: Buffer = Buffer.from('\r\n');
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(
    stream: Readable,
    private readonly delimiter: Buffer,
  ) {
    // A form that is refused half-way must still be answered: giving up reading does not close the connection.
    this.chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  /** Goes to the next part. @returns false at the closing delimiter */
  async nextPart(): Promise<boolean> {
    while (this.buffer.length < this.delimiter.length + 2) await this.more();
    if (!this.buffer.subarray(0, this.delimiter.length).equals(this.delimiter))
      throw new MalformedMultipart('no delimiter');
    const mark = this.buffer.subarray(this.delimiter.length, this.delimiter.length + 2).toString('latin1');
    this.buffer = this.buffer.subarray(this.delimiter.length + 2);
    if (mark === '--') return false;
    if (mark !== '\r\n') throw new MalformedMultipart('no line end after a delimiter');
    return true;
  }

  async header(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end >= 0) {
        const header = this.buffer.subarray(0, end).toString('utf8');
        this.buffer = this.buffer.subarray(end + 4);
        return header;
      }
      if (this.buffer.length > LONGEST_HEADER) throw new MalformedMultipart('the header is too long');
      await this.more();
    }
  }

  /** Up to the next delimiter, which stays. */
  async *content(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.buffer.indexOf(this.delimiter);
      const sure = end >= 0 ? end : this.buffer.length - this.delimiter.length + 1;
      if (sure > 0) {
        yield this.buffer.subarray(0, sure);
        this.buffer = this.buffer.subarray(sure);
      }
      if (end >= 0) return;
      await this.more();
    }
  }

  private async more(): Promise<void> {
    const { value, done } = await this.chunks.next();
    if (done) throw new MalformedMultipart('the form ends in the middle');
    this.buffer = this.buffer.length === 0 ? value : Buffer.concat([this.buffer, value]);
  }
}
