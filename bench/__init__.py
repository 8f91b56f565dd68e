"""The benchmarks: what a page costs beside a floor that is measured in the same run."""
