"""Words that vouchers are full of, known to both ends of the packing beforehand so that no voucher stores them again.

They are names of the platforms' own documented fields with the values that stand there most often, the commonest last.
A packed voucher is only read with the very bytes that packed it: `WORDS_1` is never edited. Better words are a
`WORDS_2` with a format number of its own (`packing.py`).
"""

from __future__ import annotations

_WAREHOUSE = (
    '","position_details_list":[{"rec_id":,"stockout_detail_id":,"position_no":","batch_no":"","expire_date":"'
    '","production_date":"","receiver_area":","trade_status":,"platform_id":,"trade_type":,"flag_name":"无","weight":0,'
    '"src_order_type":1,"unit_ratio":1,"goods_amount":,"brand_no":","brand_name":","goods_name":","goods_no":",'
    '"spec_name":","spec_code":","barcode":","unit_name":","prop1":"","refund_status":0,"gift_type":0,'
    '"sell_price":,"share_price":,"share_amount":,"tax_rate":0,"paid":,"remark":"","post_amount":"0.0000",'
    '{"stockout_id":,"order_no":","src_order_no":","src_trade_no":","warehouse_no":","warehouse_name":","status":110,'
    '"consign_status":,"block_reason":0,"logistics_type":,"logistics_code":","logistics_name":","logistics_no":",'
    '"stock_check_time":,"consign_time":","modified":","trade_status":95,"created":,"details_list":[{"rec_id":,'
    '"src_tid":","src_oid":","spec_no":","num":1,"goods_count":1},{"logistics_list":[{"}]}'
)
_AMAZON = (
    '{"Order":{"AmazonOrderId":","SellerOrderId":","PurchaseDate":"2026-","LastUpdateDate":"2026-","OrderStatus":"'
    'Unshipped","FulfillmentChannel":"MFN","SalesChannel":"Amazon.com","ShipServiceLevel":"Std","OrderTotal":{"'
    'CurrencyCode":"USD","Amount":"},"NumberOfItemsShipped":0,"NumberOfItemsUnshipped":1,"PaymentMethod":"Other","'
    'PaymentMethodDetails":["Standard"],"MarketplaceId":"ATVPDKIKX0DER","ShipmentServiceLevelCategory":"Standard","'
    'OrderType":"StandardOrder","EarliestShipDate":"2026-","LatestShipDate":"2026-","EarliestDeliveryDate":"2026-","'
    'LatestDeliveryDate":"2026-","IsBusinessOrder":false,"IsPrime":false,"IsPremiumOrder":false,"'
    'IsGlobalExpressEnabled":false,"IsReplacementOrder":"false","IsSoldByAB":false,"IsISPU":false,"'
    'IsAccessPointOrder":false,"HasRegulatedItems":false,"ShippingAddress":{"Name":","AddressLine1":","City":","'
    'StateOrRegion":","PostalCode":","CountryCode":"US","AddressType":"Residential"},"BuyerInfo":{"BuyerEmail":"'
    '@marketplace.amazon.com"},"OrderItems":[{"ASIN":"B0","SellerSKU":","OrderItemId":","Title":","QuantityOrdered":1,"'
    'QuantityShipped":0,"ProductInfo":{"NumberOfItems":"1"},"ItemPrice":{"CurrencyCode":"USD","Amount":"},"ItemTax":{"'
    'CurrencyCode":"USD","Amount":"},"ShippingPrice":{"PromotionDiscount":{"IsGift":"false","ConditionId":"New","'
    'ConditionSubtypeId":"New","IsTransparency":false,"TaxCollection":{"Model":"MarketplaceFacilitator","'
    'ResponsibleParty":"Amazon Services, Inc."},"BuyerRequestedCancel":{"IsBuyerRequestedCancel":"false","'
    'BuyerCancelReason":""}}]}'
    '{"orderId":","orderAliases":[{"aliasId":","aliasType":"SELLER_ORDER_ID"}],"createdTime":"2026-","'
    'lastUpdatedTime":"2026-","programs":[],"salesChannel":{"channelName":"AMAZON","marketplaceId":"ATVPDKIKX0DER","'
    'marketplaceName":"Amazon.com"},"buyer":{"buyerName":","buyerEmail":"},"recipient":{"deliveryAddress":{"name":","'
    'addressLine1":","addressLine2":","city":","stateOrRegion":","postalCode":","countryCode":"US","addressType":"'
    'RESIDENTIAL"}},"proceeds":{"grandTotal":{"amount":","currencyCode":"USD"},"breakdowns":[{"type":"ITEM","'
    'subtotal":{"amount":","currencyCode":"USD"}},{"type":"SHIPPING","subtotal":{"amount":"{"type":"TAX","subtotal":{"'
    'amount":"]},"fulfillment":{"fulfillmentStatus":"UNSHIPPED","fulfilledBy":"MERCHANT","fulfillmentServiceLevel":"'
    'STANDARD","shipByWindow":{"earliestDateTime":"2026-","latestDateTime":"2026-"},"deliverByWindow":{"'
    'earliestDateTime":"},"orderItems":[{"orderItemId":","quantityOrdered":1,"product":{"asin":"B0","title":","'
    'sellerSku":","condition":{"conditionType":"NEW"},"price":{"unitPrice":{"amount":","currencyCode":"USD"}}},"'
    'fulfillment":{"quantityFulfilled":0,"quantityUnfulfilled":1}}]}'
)
_SHOPIFY = (
    '"billing_address":{"first_name":","last_name":","address1":","province_code":","variant_title":","grams":0,"'
    'taxable":true,"tax_lines":[],"discount_applications":[{"type":"discount_code","value":","value_type":"percentage",'
    '"allocation_method":"across","target_selection":"all","target_type":"line_item"}],"refunds":[{"order_id":,"'
    'order_adjustments":[{"kind":"shipping_refund","refund_line_items":[{"line_item_id":,"subtotal":,"transactions":[{'
    '"kind":"refund","status":"success","fulfillments":[{"status":"success","shipment_status":null,"tracking_company":",'
    '"tracking_number":","tracking_numbers":["{"id":,"admin_graphql_api_id":"gid://shopify/Order/","name":"#1","number":'
    ',"order_number":1,"email":"@example.com","phone":null,"created_at":"2026-","updated_at":"2026-","processed_at":"'
    '2026-","cancelled_at":null,"cancel_reason":null,"closed_at":null,"test":false,"currency":"USD","'
    'presentment_currency":"USD","total_line_items_price":","total_discounts":"0.00","current_total_discounts":"0.00","'
    'subtotal_price":","current_subtotal_price":","total_shipping_price_set":{"shop_money":{"amount":","'
    'currency_code":"USD"},"presentment_money":{"amount":","currency_code":"USD"}},"total_tax":"0.00","'
    'current_total_tax":"0.00","total_price":","current_total_price":","total_outstanding":"0.00","'
    'total_tip_received":"0.00","taxes_included":false,"financial_status":"paid","fulfillment_status":null,"'
    'payment_gateway_names":["shopify_payments"],"source_name":"web","tags":"","note":null,"note_attributes":[],"'
    'customer":{"id":,"first_name":","last_name":null},"shipping_address":{"first_name":","last_name":null,"name":","'
    'address1":","address2":","city":","province":","zip":","country":"United States","country_code":"US","phone":"},"'
    'shipping_lines":[{"id":,"title":"Standard","price":"}],"discount_codes":[],"line_items":[{"id":,"variant_id":,"'
    'product_id":,"sku":","title":","name":","quantity":1,"current_quantity":1,"fulfillable_quantity":1,"'
    'fulfillment_status":null,"fulfillment_service":"manual","price":","total_discount":"0.00","'
    'discount_allocations":[{"amount":","discount_application_index":0}],"requires_shipping":true,"gift_card":false,"'
    'properties":[]}],"fulfillments":[],"refunds":[],"location_id":null}'
)
_TAOBAO = (
    '"TRADE_FINISHED","TRADE_CLOSED","TRADE_CLOSED_BY_TAOBAO","SELLER_CONSIGNED_PART","WAIT_BUYER_CONFIRM_GOODS",'
    '"WAIT_BUYER_PAY","refund_status":"SUCCESS","refund_id":","refund_fee":","invoice_no":","logistics_company":","'
    'consign_time":"2026-","end_time":"2026-","sku_properties_name":"颜色分类","shipping_type":"express","'
    'receiver_town":"街道","oaid":","receiver_name":"**","receiver_mobile":"*******","receiver_address":"***","'
    'is_part_consign":true,"step_trade_status":"FRONT_PAID_FINAL_NOPAID","step_paid_fee":","seller_memo":","'
    'coupon_fee":,"credit_card_fee":","platform_subsidy_fee":","promotion_details":{"promotion_detail":[{"id":,"'
    'promotion_name":","discount_fee":"{"tid":,"tid_str":","status":"WAIT_SELLER_SEND_GOODS","type":"fixed","trade_from":'
    '"WAP,WAP","shipping_type":"express","created":"2026-","modified":"2026-","payment":","total_fee":","post_fee":"'
    '0.00","discount_fee":"0.00","adjust_fee":"0.00","order_tax_fee":"0.00","received_payment":"0.00","num":0,"'
    'seller_nick":","buyer_nick":","buyer_open_uid":"AAH","buyer_message":"","seller_flag":0,"is_part_consign":false,"'
    'receiver_state":"省","receiver_city":"市","receiver_district":"区","receiver_zip":"000000","receiver_name":","'
    'receiver_mobile":"1","receiver_address":"路号室","orders":{"order":[{"oid":,"oid_str":","status":"'
    'WAIT_SELLER_SEND_GOODS","refund_status":"NO_REFUND","num":1,"price":","total_fee":","discount_fee":"0.00","'
    'adjust_fee":"0.00","payment":","divide_order_fee":","part_mjz_discount":"0.00","num_iid":,"sku_id":","outer_iid":",'
    '"outer_sku_id":","title":"},{"oid":}]},"pay_time":"2026-'
)
WORDS_1 = (_WAREHOUSE + _AMAZON + _SHOPIFY + _TAOBAO).encode()
