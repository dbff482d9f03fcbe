"""Makes the synthetic quality events of the sample corpus from the real batch data, the same bytes each time."""
