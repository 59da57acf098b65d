# Two dual-stack VPCs on a transit gateway, each with a subnet for its attachment
# that has an ACL of its own (TGW-20, TGW-21). Only the left one propagates its
# IPv6 range; the route to the right one is static (TGW-26).

locals {
  vpcs = { left = "10.0.0.0/16", right = "10.1.0.0/16" }
  ipv6 = { left = "2600:1f18:1:a00::/56", right = "2600:1f18:1:b00::/56" }
}

resource "aws_vpc" "this" {
  for_each          = local.vpcs
  cidr_block        = each.value
  ipv6_cidr_block   = local.ipv6[each.key]
  ipv6_ipam_pool_id = "ipam-pool-0123456789abcdef0"
}

resource "aws_subnet" "host" {
  for_each                        = local.vpcs
  vpc_id                          = aws_vpc.this[each.key].id
  cidr_block                      = cidrsubnet(each.value, 8, 1)
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.this[each.key].ipv6_cidr_block, 8, 1)
  assign_ipv6_address_on_creation = true
  availability_zone               = "us-east-1a"
}

resource "aws_subnet" "attachment" {
  for_each          = local.vpcs
  vpc_id            = aws_vpc.this[each.key].id
  cidr_block        = cidrsubnet(each.value, 12, 4095)
  availability_zone = "us-east-1a"
}

resource "aws_ec2_transit_gateway" "hub" {}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  for_each           = local.vpcs
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.this[each.key].id
  subnet_ids         = [aws_subnet.attachment[each.key].id]
  ipv6_support       = each.key == "left" ? "enable" : "disable"
}

resource "aws_ec2_transit_gateway_route" "right" {
  destination_cidr_block         = local.ipv6.right
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.this["right"].id
  transit_gateway_route_table_id = aws_ec2_transit_gateway.hub.association_default_route_table_id
}

resource "aws_route" "left" {
  route_table_id         = aws_vpc.this["left"].main_route_table_id
  destination_cidr_block = aws_vpc.this["right"].cidr_block
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
  depends_on             = [aws_ec2_transit_gateway_vpc_attachment.this]
}

resource "aws_route" "left_ipv6" {
  route_table_id              = aws_vpc.this["left"].main_route_table_id
  destination_ipv6_cidr_block = aws_vpc.this["right"].ipv6_cidr_block
  transit_gateway_id          = aws_ec2_transit_gateway.hub.id
  depends_on                  = [aws_ec2_transit_gateway_vpc_attachment.this]
}

resource "aws_route" "right" {
  route_table_id         = aws_vpc.this["right"].main_route_table_id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
  depends_on             = [aws_ec2_transit_gateway_vpc_attachment.this]
}

resource "aws_route" "right_ipv6" {
  route_table_id              = aws_vpc.this["right"].main_route_table_id
  destination_ipv6_cidr_block = "::/0"
  transit_gateway_id          = aws_ec2_transit_gateway.hub.id
  depends_on                  = [aws_ec2_transit_gateway_vpc_attachment.this]
}

# What comes from the gateway meets the egress rules, what goes to it the ingress
# rules.
resource "aws_network_acl" "attachment" {
  vpc_id     = aws_vpc.this["right"].id
  subnet_ids = [aws_subnet.attachment["right"].id]

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 80
    to_port    = 443
    cidr_block = "10.1.1.0/24"
  }

  egress {
    rule_no         = 110
    action          = "allow"
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    ipv6_cidr_block = "::/0"
  }

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 1024
    to_port    = 65535
    cidr_block = "10.1.1.0/24"
  }

  ingress {
    rule_no         = 110
    action          = "allow"
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    ipv6_cidr_block = "::/0"
  }
}

resource "aws_security_group" "this" {
  for_each = local.vpcs
  vpc_id   = aws_vpc.this[each.key].id

  ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }

  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_instance" "this" {
  for_each               = local.vpcs
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.host[each.key].id
  vpc_security_group_ids = [aws_security_group.this[each.key].id]
  ipv6_address_count     = 1
}
