"""Amazon through the Selling Partner API (SP-API), Orders v0 and 2026-01-01.

In v0 an order and its items come from two calls. What is landed is one body made of the platform's own bytes:
`{"Order":<the element of getOrders>,"OrderItems":<the array of getOrderItems>}`.
"""
