import { NotifyClient } from 'notifications-node-client';
import type { NotifySettings } from '../../../config/delivery.js';
import { notifyFault } from '../domain/notify-outcome.js';
import { MailError } from '../mail-sender.js';

export type NotifyApi = InstanceType<typeof NotifyClient>;

/** The official client, with an end to its patience. */
export function notifyApi(settings: NotifySettings, timeoutSeconds: number): NotifyApi {
  const client = settings.url
    ? new NotifyClient(settings.url.replace(/\/$/, ''), settings.apiKey)
    : new NotifyClient(settings.apiKey);
  const limits = { timeout: timeoutSeconds * 1_000, maxRedirects: 0, maxContentLength: 1_000_000 };
  const send = restClientOf(client);
  client.setClient(((options: object) => send({ ...options, ...limits })) as Parameters<
    NotifyApi['setClient']
  >[0]);
  return client;
}

/**
 * Runs one request with a total time limit. What is thrown keeps the status and Notify's name for the error alone: the client's own
 * error carries the address, the text and the key.
 * @throws MailError
 */
export async function asking(
  timeoutSeconds: number,
  request: Promise<{ data: { id: string } }>,
): Promise<{ providerId: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new MailError('transient', 'TIMEOUT', { maybeSent: true })),
      timeoutSeconds * 1_000,
    );
  });
  try {
    const { data } = await Promise.race([request, late]);
    return { providerId: data.id };
  } catch (error) {
    if (error instanceof MailError) throw error;
    const { fault, code, ...facts } = notifyFault(error);
    throw new MailError(fault, code, facts);
  } finally {
    clearTimeout(timer);
    request.catch(() => undefined);
  }
}

type Send = (options: object) => Promise<unknown>;

function restClientOf(client: NotifyApi): Send {
  return (client as unknown as { apiClient: { restClient: Send } }).apiClient.restClient;
}
