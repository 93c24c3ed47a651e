"""A PyTorch twin of the preset `sequential`: one pre-norm transformer block of torch.nn over the vectors of the items,
a target at every place, and a softmax over each target and a pool that the batch shares.

Prints one result line. Sizes are those of `benchmarks:training --modes sequence`.
"""

import argparse
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--users", type=int, default=10000)
parser.add_argument("--items", type=int, default=100000)
parser.add_argument("--batch", type=int, default=1024, help="targets of a step")
parser.add_argument("--length", type=int, default=50, help="items of a history")
parser.add_argument("--pool", type=int, default=512)
parser.add_argument("--dim", type=int, default=64)
parser.add_argument("--heads", type=int, default=2)
parser.add_argument("--dropout", type=float, default=0.3)
parser.add_argument("--temperature", type=float, default=0.1)
parser.add_argument("--steps", type=int, default=30)
parser.add_argument("--lazy", action="store_true", help="sparse gradients of tables, with SparseAdam")
a = parser.parse_args()
torch.manual_seed(0)


class Items(nn.Module):
    """The sum of an item's id, category, tags and features, at length one."""

    def __init__(self):
        super().__init__()
        self.id = nn.Embedding(a.items, a.dim, sparse=a.lazy)
        self.category = nn.Embedding(100, a.dim, sparse=a.lazy)
        self.tags = nn.EmbeddingBag(1000, a.dim, mode="mean", sparse=a.lazy)
        self.features = nn.Linear(32, a.dim)

    def forward(self, rows, categories, tags, features):
        parts = self.id(rows) + self.category(categories) + self.tags(tags) + F.relu(self.features(features))
        return F.normalize(parts, dim=1)


class Users(nn.Module):
    """The state of a causal transformer, and the user's id and features, at length one."""

    def __init__(self):
        super().__init__()
        self.id = nn.Embedding(a.users, a.dim, sparse=a.lazy)
        self.features = nn.Linear(32, a.dim)
        self.positions = nn.Parameter(torch.randn(a.length + 1, a.dim) * 0.05)
        self.block = nn.TransformerEncoderLayer(
            a.dim, a.heads, dim_feedforward=a.dim, dropout=a.dropout, batch_first=True, norm_first=True
        )
        self.norm = nn.LayerNorm(a.dim)
        self.dropout = nn.Dropout(a.dropout)

    def forward(self, users, features, history):
        length = history.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(length)
        state = self.block(self.dropout(history) * a.dim**0.5 + self.positions[:length], src_mask=mask, is_causal=True)
        who = self.id(users) + F.relu(self.features(features))
        return F.normalize((self.norm(state) + who[:, None]).reshape(-1, a.dim), dim=1)


items, users = Items(), Users()
modules = nn.ModuleList([items, users])
tables = [p for n, p in modules.named_parameters() if n.split(".")[-2] in ("id", "category", "tags")]
others = [p for p in modules.parameters() if all(p is not t for t in tables)]
if a.lazy:
    optimisers = [torch.optim.SparseAdam(tables, lr=1e-3), torch.optim.Adam(others, lr=1e-3)]
else:
    optimisers = [torch.optim.Adam(tables + others, lr=1e-3)]
item_features, user_features = torch.randn(a.items, 32), torch.randn(a.users, 32)
categories, tags = torch.randint(0, 100, (a.items,)), torch.randint(0, 1000, (a.items, 5))
sequences = max(1, a.batch // a.length)


def step():
    who = torch.randint(0, a.users, (sequences,))
    history = torch.randint(0, a.items, (sequences, a.length))
    targets = torch.randint(0, a.items, (sequences * a.length,))
    pool = torch.randint(0, a.items, (a.pool,))
    rows = torch.cat([targets, pool, history.reshape(-1)])
    vectors = items(rows, categories[rows], tags[rows], item_features[rows])
    own, shared, read = vectors.split([len(targets), a.pool, history.numel()])
    u = users(who, user_features[who], read.view(sequences, a.length, a.dim))
    scores = torch.cat([(u * own).sum(1, keepdim=True), u @ shared.T], 1) / a.temperature
    loss = F.cross_entropy(scores, torch.zeros(len(targets), dtype=torch.long))
    for optimiser in optimisers:
        optimiser.zero_grad()
    loss.backward()
    for optimiser in optimisers:
        optimiser.step()


for _ in range(3):
    step()
start = time.time()
for _ in range(a.steps):
    step()
seconds = (time.time() - start) / a.steps
print(f"torch sequences lazy={a.lazy} ms/step={seconds * 1e3:.1f} examples/s={sequences * a.length / seconds:.0f}")
