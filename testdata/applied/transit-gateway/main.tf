# A hub with three VPCs on its default route table, which knows the ranges of
# all of them. Subnets of two zones, of which the gateway has an interface in
# one only: the other cannot send to it (TGW-15), but can be reached (TGW-17).

locals {
  vpcs = {
    web  = { cidr = "10.0.0.0/16", zones = ["a", "b"] }
    app  = { cidr = "10.1.0.0/16", zones = ["a"] }
    data = { cidr = "10.2.0.0/16", zones = ["a"] }
  }
  subnets = merge([for name, v in local.vpcs : {
    for i, zone in ["a", "b"] : "${name}-${zone}" => { vpc = name, zone = zone, number = i }
  }]...)
}

resource "aws_vpc" "this" {
  for_each   = local.vpcs
  cidr_block = each.value.cidr
}

resource "aws_subnet" "this" {
  for_each          = local.subnets
  vpc_id            = aws_vpc.this[each.value.vpc].id
  cidr_block        = cidrsubnet(local.vpcs[each.value.vpc].cidr, 8, each.value.number)
  availability_zone = "us-east-1${each.value.zone}"
}

resource "aws_ec2_transit_gateway" "hub" {
  security_group_referencing_support = "enable"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  for_each           = local.vpcs
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.this[each.key].id
  subnet_ids         = [for zone in each.value.zones : aws_subnet.this["${each.key}-${zone}"].id]

  security_group_referencing_support = each.key == "data" ? "disable" : "enable"
}

# The data VPC does not answer the web VPC.
resource "aws_route" "hub" {
  for_each = {
    web  = "10.0.0.0/8"
    app  = "10.0.0.0/8"
    data = "10.1.0.0/16"
  }
  route_table_id         = aws_vpc.this[each.key].main_route_table_id
  destination_cidr_block = each.value
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id

  depends_on = [aws_ec2_transit_gateway_vpc_attachment.this]
}

resource "aws_security_group" "this" {
  for_each = local.vpcs
  vpc_id   = aws_vpc.this[each.key].id
}

resource "aws_vpc_security_group_egress_rule" "any" {
  for_each          = local.vpcs
  security_group_id = aws_security_group.this[each.key].id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# By name, which the gateway must support at both attachments (SG-16).
resource "aws_vpc_security_group_ingress_rule" "app" {
  for_each                     = toset(["web", "data"])
  security_group_id            = aws_security_group.this["app"].id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
  referenced_security_group_id = aws_security_group.this[each.key].id
}

resource "aws_vpc_security_group_ingress_rule" "data" {
  security_group_id = aws_security_group.this["data"].id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_instance" "this" {
  for_each               = local.subnets
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.this[each.key].id
  vpc_security_group_ids = [aws_security_group.this[each.value.vpc].id]
}
