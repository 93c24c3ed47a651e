/** The variables that grpc-js takes a proxy from, in its order. */
const variables = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const;

/** Whether a target is on this machine, to which no proxy leads. */
export function isLoopback(target: string): boolean {
  return (
    /^(?:dns:\/*|ipv[46]:)?(?:localhost|127(?:\.\d+){3}|\[::1\]|::1)(?::\d+)?$/.test(target) || /^unix:/.test(target)
  );
}

/**
 * The proxy that calls of a target go through, by the variable that names it: `the proxy proxy:3128 (http_proxy)`. Without
 * what the variable may hold of a user and a password.
 */
export function proxyFor(target: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (isLoopback(target) || isExcluded(target, env)) return undefined;
  const variable = variables.find((name) => (env[name] ?? '') !== '');
  const value = variable && env[variable];
  if (value === undefined) return undefined;
  const host = URL.canParse(value) ? new URL(value).host : 'that it names';
  return `the proxy ${host} (${variable})`;
}

/** As grpc-js reads it: names that a host is equal to or ends with. */
function isExcluded(target: string, env: NodeJS.ProcessEnv): boolean {
  const list = env['no_grpc_proxy'] ?? env['no_proxy'] ?? '';
  const host = target.replace(/^dns:\/*/, '').replace(/:\d+$/, '');
  return list
    .split(',')
    .map((entry) => entry.trim())
    .some((entry) => entry !== '' && host.endsWith(entry));
}
