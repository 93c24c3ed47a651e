import { status, type ServiceError } from '@grpc/grpc-js';

type Callback<Response> = (error: ServiceError | null, response?: Response) => void;

/** Waits for a call of a generated client. */
export function answerOf<Response>(begin: (callback: Callback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    begin((error, response) => {
      if (error) reject(error);
      else if (response === undefined) reject(new Error('The call ended without a response.'));
      else resolve(response);
    });
  });
}

/** How a call failed: `['INVALID_ARGUMENT', 'top_k is …']`. */
export async function failureOf(call: Promise<unknown>): Promise<[code: string, details: string]> {
  const { code, details } = await serviceErrorOf(call);
  return [status[code], details];
}

export async function serviceErrorOf(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call;
  } catch (error) {
    if (isServiceError(error)) return error;
    throw error;
  }
  throw new Error('The call was answered.');
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'details' in error && 'metadata' in error;
}
