"""What a program puts into the slots of a lesson: tags, numbers, code, tables."""

from __future__ import annotations

from typing import Final

import numpy as np

TAGS: Final = (
    "think", "thinking", "thought", "thoughts", "reasoning", "scratch", "scratchpad", "trace", "cot", "inner", "work",
    "steps", "notes", "analysis", "draft", "monologue", "reflection", "rationale", "internal", "mind", "raw", "process",
)  # fmt: skip
CODE: Final = (
    "def total(rows):\n    s = 0\n    for r in rows:\n        s += r['price'] * r['qty']\n    return s",
    "function slug(t) {\n  return t.toLowerCase().replace(/\\s+/g, '-');\n}",
    "SELECT c.name, SUM(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.name;",
    "class Stack:\n    def __init__(self):\n        self.items = []\n    def pop(self):\n        return self.items[-1]",
    "for i in $(seq 1 10); do\n  curl -s http://localhost:8080/health || exit 1\ndone",
    "public int max(int[] a) {\n    int m = a[0];\n    for (int x : a) if (x > m) m = x;\n    return m;\n}",
    "fn area(r: f64) -> f64 {\n    std::f64::consts::PI * r * r\n}",
    "import pandas as pd\ndf = pd.read_csv('sales.csv')\nprint(df.groupby('region').amount.mean())",
    "const [open, setOpen] = useState(false);\nuseEffect(() => { document.title = open ? 'On' : 'Off'; }, [open]);",
    'int main(void) {\n    int n;\n    scanf("%d", &n);\n    printf("%d\\n", n * (n + 1) / 2);\n}',
    "Traceback (most recent call last):\n  File \"app.py\", line 41, in <module>\n    run()\nKeyError: 'user_id'",
    "services:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80']",
)
PROGRAM_SLOTS: Final = ("code", "tag", "n", "table", "image", "letter")
_COLUMNS: Final = (
    "month",
    "region",
    "units",
    "revenue",
    "cost",
    "city",
    "visits",
    "temperature",
    "score",
    "year",
)


def program_slot(name: str, rng: np.random.Generator) -> str:
    """Return a filling for one of PROGRAM_SLOTS."""
    if name == "tag":
        return str(rng.choice(TAGS))
    if name == "code":
        return str(rng.choice(CODE))
    if name == "n":
        return str(int(rng.integers(1, 10 ** int(rng.integers(1, 5)))))
    if name == "letter":
        return "ABCDE"[int(rng.integers(5))]
    if name == "image":
        return f"[image:{rng.bytes(8).hex()}]"
    return _table(rng)


def _table(rng: np.random.Generator) -> str:
    columns = rng.choice(_COLUMNS, size=int(rng.integers(3, 6)), replace=False)
    sign = str(rng.choice([",", ";", " | "]))
    rows = [sign.join(columns)]
    rows += [
        sign.join(str(int(v)) for v in rng.integers(1, 9000, len(columns)))
        for _row in range(int(rng.integers(3, 9)))
    ]
    return "\n".join(rows)
