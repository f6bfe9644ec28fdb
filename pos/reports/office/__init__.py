"""What a manager looks at: attention, refunds, gateways, reconciling."""
