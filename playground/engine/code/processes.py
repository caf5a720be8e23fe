"""What a script has more when it is written for several processes, which `torchrun` starts: each trains on its share of
every batch, and DistributedDataParallel averages their slopes. One process alone does what the other scripts do.

Source: https://docs.pytorch.org/docs/stable/notes/ddp.html
"""

IMPORTS = (
    "import os",
    "import torch.distributed as dist",
    "from torch.nn.parallel import DistributedDataParallel",
)
SETTINGS = (
    "# torchrun tells each process which one it is, and of how many",
    'RANK = int(os.environ.get("RANK", "0"))',
    'PROCESSES = int(os.environ.get("WORLD_SIZE", "1"))',
    "GPU = f\"cuda:{os.environ.get('LOCAL_RANK', '0')}\"",
    "# a process has a GPU to itself: where there are fewer, all train on the CPU",
    'GPUS_NEEDED = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))',
    'DEVICE = GPU if torch.cuda.device_count() >= GPUS_NEEDED else "cpu"',
)
# the bare model is what is measured: nobody has to wait for the others then
NETWORK = (
    "trained = model",
    "if PROCESSES > 1:",
    '    dist.init_process_group("gloo" if DEVICE == "cpu" else "nccl")',
    "    trained = DistributedDataParallel(model)",
)
SHARE = (
    "if len(chosen) < PROCESSES:",
    "    continue",
    "chosen = chosen[RANK::PROCESSES]",
)
END = (
    "if PROCESSES > 1:",
    "    dist.destroy_process_group()",
)
