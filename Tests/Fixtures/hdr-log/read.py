"""Reads an interval log of HdrHistogram with the Python package of its authors.

Prints a JSON array with one object per line of the log: tag, start, length, total count, the buckets as pairs of upper
bound and count, and the values at some percentiles.
"""

import json
import sys

from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

reader = HistogramLogReader(sys.argv[1], HdrHistogram(1, 2**40 - 1, 3))
intervals = []
while (histogram := reader.get_next_interval_histogram()) is not None:
    intervals.append(
        {
            "tag": histogram.get_tag(),
            "start": histogram.get_start_time_stamp(),
            "length": histogram.get_end_time_stamp() - histogram.get_start_time_stamp(),
            "count": histogram.get_total_count(),
            "buckets": [
                [item.value_iterated_to, item.count_added_in_this_iter_step]
                for item in histogram.get_recorded_iterator()
            ],
            "percentiles": {
                str(share): histogram.get_value_at_percentile(share) for share in (50, 75, 90, 95, 99, 99.9, 99.99)
            },
        }
    )
json.dump(intervals, sys.stdout)
