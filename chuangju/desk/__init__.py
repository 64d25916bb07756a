"""一站式服务 - enquiries, routing, appointments, service points (row 13)."""
