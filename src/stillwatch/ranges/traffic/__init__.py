"""Traffic: plans of who asks what when, as columns of numbers; text comes later, when a plan is rendered."""
