"""Typed lines, "; " between those that belong together: computed with the bench of `names.py`."""

TYPED = """
1 + 2 * 3
-7 // 2
7 % 3
2 ** 10
2 ** -1
2.0 ** 100
1e-3
True
(1, 2)
[1, [2, 3]]
math.pi / 2
torch.arange(0, 12, 3)
torch.arange(10)
torch.arange(0., 1., 0.25)
torch.logspace(-1, -4, 4)
torch.logspace(0, 3, 4, base=2)
torch.full((), 3.14)
torch.full((2, 3), 7)
torch.randint(0, 10, (3,))
torch.randint(10, (2, 2))
torch.randperm(10)
torch.eye(3)
torch.eye(2, 3)
torch.diag(torch.tensor([1, 2, 3]))
torch.zeros(2, 3, dtype=torch.int64)
torch.zeros((2, 3))
torch.ones(3, requires_grad=True)
torch.tensor(3)
torch.tensor([])
torch.tensor([[1., 2.], [3., 4.]], dtype=torch.float64)
torch.tensor([True, False])
torch.tensor([a[0, 0], a[0, 1]])
torch.zeros(0, 5)
a @ a.T
a.T @ a
a @ v
v @ v
a * a
a * v
a / 4
a // 4
a % 5
a ** 2
2 ** a
a ** 0.5
-a
+a
~(a > 5)
a > 5
a >= v
a == a
a != 3
(a > 2) & (a < 8)
(a > 8) | (a < 2)
(a > 2) ^ (a > 5)
5 - a
1 / (a + 1)
7 // (i + 1)
a.view(12, 1)
a.view(-1)
a.view(2, 3, 2)
a.view(torch.int32)
a.reshape(-1, 6)
a.T
a.T.reshape(-1)
a.mT
a[0]
a[-1]
a[0, 1]
a[:, 1:]
a[:, ::2]
a[1:, :2]
a[..., 0]
a[None]
a[:, None, :]
a[[0, 2]]
a[i]
a[i, i]
a[a > 5]
a[torch.tensor([True, False, True])]
a[[True, False, True]]
a[0][1]
a[:0]
a.shape
a.shape[0]
a.shape == (3, 4)
a.dtype == torch.float32
a.size(0)
a.stride()
a[:, 1].stride()
a.sum()
a.sum(0)
a.sum(dim=1, keepdim=True)
a.mean(dim=(0, 1))
a.max(dim=1)
a.max(dim=1)[0]
a.argmax(1)
torch.max(a, v)
a.std(0, correction=0)
a.float().double()
a.to(torch.int64)
a.long() // 5
a.expand(2, 3, 4)
a.repeat(2, 2)
a.unsqueeze(0).squeeze(0)
a.permute(1, 0)
torch.stack([v, v, v], dim=1)
torch.cat((a, w), dim=1)
torch.split(a, [1, 2])
torch.where(a > 5, a, torch.zeros(()))
torch.where(a > 5)
a.clone()
a.tolist()
a[1, 2].item()
a.numpy()
a.numpy().T
torch.from_numpy(n)
torch.from_numpy(n) * 2
torch.as_tensor([1, 2])
torch.tensor(n)
np.array([1, 2, 3])
np.array([[1., 2.]], dtype=np.float32)
np.zeros(3)
np.arange(5)
np.arange(1, 2, 0.25)
np.linspace(0, 1, 3)
np.eye(2)
n + 1
n * n
n[1:]
n[0]
n[[0, 2]]
n[n > 2]
n.reshape(2, 2) @ n.reshape(2, 2)
n.reshape(2, 2).T.strides
n.sum()
-n
n ** 2
n > 2
F.relu(a - 5)
F.softmax(v, dim=0)
torch.softmax(a, dim=1).sum(1)
F.cross_entropy(a, i)
F.cross_entropy(a, i, reduction="sum")
F.mse_loss(a, a * 2)
F.gelu(a, approximate="tanh")
F.pad(a, (1, 1, 2, 0), value=9)
F.conv2d(a[None, None], torch.ones(1, 1, 2, 2))
F.conv2d(a[None, None], torch.ones(1, 1, 3, 3), padding="same")
F.max_pool2d(a[None, None], 2)
torch.nn.functional.relu(v)
nn.functional.relu(v)
p * 2
p.detach()
p.data
(p ** 2).sum()
torch.tensor(2., requires_grad=True) ** 3
len(a)
len(a.shape)
float(a[0, 1])
int(a[1, 1])
bool(a[0, 0])
abs(-3)
round(2.567, 1)
a.is_contiguous()
a.T.is_contiguous()
torch.isclose(a, a)
torch.float64
torch.tensor(float(3))
math.sqrt(2)
a.as_strided((2, 3), (1, 2), 3)
torch.meshgrid(v, v, indexing="xy")
a.flatten(0)
a.unbind(1)
a.chunk(3)
torch.linalg.norm(a, dim=1)
torch.linalg.solve(torch.eye(3) * 4, c)
torch.topk(v, 2).indices
x = torch.arange(6); x.view(2, 3)
x = a; x[0, 0] = 9; a
x = a.clone(); x[0, 0] = 9; a
a[0] = 5; a
a[:, 1] = v[:3]; a
a[a > 5] = 0; a
a[1:] *= 2; a
a[0, 0] += 7; a
a += 1; a
a -= a; a
a *= v; a
a /= 2; a
a **= 2; a
i //= 2; i
i %= 2; i
x = 3; x += 1; x
x = a.T; x += 1; a
x, y = a.shape; x * y
x, y = torch.sort(v); y
x, y, z = c; z
m = a.numpy(); m[0, 0] = 5.5; a
m = torch.from_numpy(n); m += 1; n
n[0] = 9; n
n += 1; n
c.requires_grad_(); d = c * 2; d.sum().backward(); c.grad
p.sum().backward(); p.sum().backward(); p.grad
p.sum().backward(); p.grad.zero_(); p.grad
p.sum().backward(); p.grad = None; p.grad
c.requires_grad = True; c.requires_grad
x = torch.ones(2, 2, requires_grad=True); y = x + 2; z = 3 * y**2; out = z.mean(); out.backward(); x.grad
with torch.no_grad(): p -= 0.5; p
with torch.no_grad(): q = p * 2; q.requires_grad
q = p * 2; q.retain_grad(); q.sum().backward(); q.grad
g = torch.autograd.grad((p ** 3).sum(), p, create_graph=True)[0]; torch.autograd.grad(g.sum(), p)[0]
torch.manual_seed(3); torch.rand(2)
torch.rand(2, 2)
torch.randn(3) * 2
a.add_(1); a
c.resize_(1, 2).shape
torch.equal(a, a.clone())
""".strip().split("\n")
