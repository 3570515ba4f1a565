"""Amazon through the Selling Partner API (SP-API), Orders v0.

An order and its items come from two calls. What is landed is one body made of the platform's own bytes:
`{"Order":<the element of getOrders>,"OrderItems":<the array of getOrderItems>}`; see `slicing.py`.
"""
