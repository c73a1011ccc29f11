"""What a pod keeps: tables, repositories over them, queues."""
