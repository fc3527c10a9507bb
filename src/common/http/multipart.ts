import { finished, type Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';

/** The body of a form with one file, which comes last: what stands before it as text, the file as it arrives. */
export type UploadForm = Record<string, unknown> & {
  /** Null when the form had no file, or none was chosen. Throws while reading when the upload is cut short. */
  readonly file: AsyncIterable<Buffer> | null;
};

const LONGEST_FIELD = 64 * 1024;
const MOST_FIELDS = 20;

/** The body is not a form as browsers send it. */
export class MalformedMultipart extends Error {
  readonly statusCode = 400;
}

/**
 * Reads multipart/form-data (RFC 7578) up to its first file, in constant memory. A form that is refused half-way can still be
 * answered: giving up reading does not close the connection.
 * @throws MalformedMultipart
 */
export function readMultipart(stream: Readable, contentType: string): Promise<UploadForm> {
  return new Promise((resolve, reject) => {
    const parser = parserFor(contentType);
    const fields: [string, string][] = [];
    let file: BusboyFileStream | null = null;
    const fail = (why: string): void => {
      const error = new MalformedMultipart(why);
      stream.unpipe(parser);
      file?.destroy(error);
      reject(error);
    };
    parser.on('field', (name, value, _nameCut, valueCut) => {
      if (valueCut) fail('a field is too long');
      else fields.push([name, value]);
    });
    parser.on('fieldsLimit', () => fail('there are too many fields'));
    parser.on('file', (_name, content, fileName) => {
      if (!fileName) return void content.resume();
      file = content;
      // What goes wrong before anybody reads is kept by the stream and thrown to whoever reads.
      content.on('error', () => undefined);
      resolve({ ...Object.fromEntries(fields), file: whole(content) });
    });
    parser.on('finish', () => resolve({ ...Object.fromEntries(fields), file: null }));
    parser.on('error', () => fail('the form ends in the middle'));
    finished(stream, { writable: false }, (error) => error && fail('the form ends in the middle'));
    stream.pipe(parser);
  });
}

async function* whole(content: BusboyFileStream): AsyncGenerator<Buffer> {
  try {
    yield* content as AsyncIterable<Buffer>;
  } catch {
    throw new MalformedMultipart('the form ends in the middle');
  }
}

function parserFor(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { fieldSize: LONGEST_FIELD, fields: MOST_FIELDS, files: 1 },
      isPartAFile: (_name, _type, fileName) => fileName !== undefined,
    });
  } catch {
    throw new MalformedMultipart('no boundary');
  }
}
