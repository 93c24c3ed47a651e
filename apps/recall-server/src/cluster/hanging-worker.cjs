// A worker for the test of the pool: it does what a worker has to, until a reload of the version "hang" stops its event
// loop for ever.
const tell = (news) => process.send(news);

process.on('message', ({ order, id, version }) => {
  if (order === 'show-life') tell({ news: 'alive', id });
  if (order === 'stop') process.exit(0);
  if (order !== 'reload') return;
  while (version === 'hang');
  tell({ news: 'reloaded', id, reload: { version, loadMs: 0 } });
});
tell({ news: 'listening', port: 50051 });
tell({ news: 'serving', version: 'first' });
