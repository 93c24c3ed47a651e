import type { CarriedError } from './carried-error';

export interface CallMessage<Request> {
  readonly id: number;
  readonly request: Request;
}

export type AnswerMessage<Response> =
  { readonly id: number; readonly response: Response } | { readonly id: number; readonly error: CarriedError };
