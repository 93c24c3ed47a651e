import { isLoopback, proxyFor } from './proxy';

it.each(['localhost:50051', '127.0.0.1:1', '127.8.8.8', '[::1]:9', 'dns:localhost:1', 'unix:/run/recall.sock'])(
  '%s is this machine, and needs no proxy',
  (target) => {
    expect([isLoopback(target), proxyFor(target, { http_proxy: 'http://proxy:3128' })]).toEqual([true, undefined]);
  },
);

it.each<[string, NodeJS.ProcessEnv, string | undefined]>([
  ['recall:1', {}, undefined],
  ['recall:1', { http_proxy: '' }, undefined],
  ['recall:1', { http_proxy: 'http://proxy:3128' }, 'the proxy proxy:3128 (http_proxy)'],
  ['recall:1', { http_proxy: 'http://a:1', grpc_proxy: 'http://b:2' }, 'the proxy b:2 (grpc_proxy)'],
  ['recall:1', { https_proxy: 'http://me:hush@proxy:3128' }, 'the proxy proxy:3128 (https_proxy)'],
  ['recall.lan:1', { http_proxy: 'http://a:1', no_proxy: 'x, .lan' }, undefined],
  ['localhost.example:1', { http_proxy: 'http://a:1' }, 'the proxy a:1 (http_proxy)'],
])('%s with %j goes through %s', (target, env, proxy) => {
  expect(proxyFor(target, env)).toBe(proxy);
});
