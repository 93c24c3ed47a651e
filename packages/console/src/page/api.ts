import { field, textOf } from './json.ts';

/** Thrown when the server refuses a call, or can't be reached. `code` is that of the Connect protocol. */
export class CallError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'CallError';
    this.code = code;
  }
}

/** Services of the contract that the HTTP port serves. */
export type ServiceName = 'recall.v1.RecallService' | 'recall.v1.AdminService';

/** Calls the server that the page came from, by the same contract as everyone else. */
export class Api {
  /** Sent with every call; empty for none. */
  token = '';

  /**
   * @returns the JSON of the response
   * @throws CallError
   */
  async call(service: ServiceName, method: string, request: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json', ...this.#authorization() };
    const response = await reach(`../${service}/${method}`, { method: 'POST', headers, body: JSON.stringify(request) });
    const body: unknown = await response.json();
    if (response.ok) return body;
    throw new CallError(textOf(field(body, 'code')), textOf(field(body, 'message')));
  }

  /** The server's metrics in the text format of Prometheus. @throws CallError */
  async metrics(): Promise<string> {
    const response = await reach('metrics', { headers: this.#authorization() });
    if (response.ok) return response.text();
    throw new CallError(response.status === 401 ? 'unauthenticated' : 'unknown', 'The metrics were refused.');
  }

  #authorization(): Record<string, string> {
    return this.token === '' ? {} : { authorization: `Bearer ${this.token}` };
  }
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new CallError('unavailable', 'The server does not answer; see whether it still runs.');
  }
}
