# Two peered VPCs with routes both ways, one of them with IPv6, and a third one
# that only the second is peered with: peering is not transitive (PCX-4).

resource "aws_vpc" "app" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_vpc" "data" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "archive" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "app" {
  vpc_id            = aws_vpc.app.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "data" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.data.id
  cidr_block        = cidrsubnet(aws_vpc.data.cidr_block, 8, each.value)
  availability_zone = "us-east-1${each.key}"
}

resource "aws_subnet" "archive" {
  vpc_id     = aws_vpc.archive.id
  cidr_block = "10.2.1.0/24"
}

resource "aws_vpc_peering_connection" "data" {
  vpc_id      = aws_vpc.app.id
  peer_vpc_id = aws_vpc.data.id
  auto_accept = true
}

resource "aws_vpc_peering_connection" "archive" {
  vpc_id      = aws_vpc.data.id
  peer_vpc_id = aws_vpc.archive.id
}

resource "aws_vpc_peering_connection_accepter" "archive" {
  vpc_peering_connection_id = aws_vpc_peering_connection.archive.id
  auto_accept               = true
}

resource "aws_route" "app" {
  for_each                  = toset(["10.1.0.0/16", "10.2.0.0/16"])
  route_table_id            = aws_vpc.app.main_route_table_id
  destination_cidr_block    = each.value
  vpc_peering_connection_id = aws_vpc_peering_connection.data.id
}

# Only zone a has a way back to the application.
resource "aws_route_table" "data" {
  vpc_id = aws_vpc.data.id

  route {
    cidr_block                = "10.0.0.0/16"
    vpc_peering_connection_id = aws_vpc_peering_connection.data.id
  }

  route {
    cidr_block                = "10.2.0.0/16"
    vpc_peering_connection_id = aws_vpc_peering_connection_accepter.archive.id
  }
}

resource "aws_route_table_association" "data" {
  subnet_id      = aws_subnet.data["a"].id
  route_table_id = aws_route_table.data.id
}

resource "aws_route" "archive" {
  for_each                  = toset(["10.0.0.0/16", "10.1.0.0/16"])
  route_table_id            = aws_vpc.archive.main_route_table_id
  destination_cidr_block    = each.value
  vpc_peering_connection_id = aws_vpc_peering_connection.archive.id
}

# The application's internet gateway is of no use to the data (PCX-5).
resource "aws_internet_gateway" "app" {
  vpc_id = aws_vpc.app.id
}

resource "aws_route" "internet" {
  route_table_id         = aws_vpc.app.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.app.id
}

resource "aws_security_group" "app" {
  vpc_id = aws_vpc.app.id

  ingress {
    protocol    = "icmp"
    from_port   = 8
    to_port     = -1
    cidr_blocks = ["10.0.0.0/8"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "data" {
  vpc_id = aws_vpc.data.id

  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.app.id]
  }

  egress {
    protocol        = "icmp"
    from_port       = -1
    to_port         = -1
    security_groups = [aws_security_group.app.id]
  }

  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "archive" {
  vpc_id = aws_vpc.archive.id

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
}

# The archive's subnet lets nothing of zone b in.
resource "aws_network_acl" "archive" {
  vpc_id     = aws_vpc.archive.id
  subnet_ids = [aws_subnet.archive.id]

  ingress {
    rule_no    = 100
    action     = "deny"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "10.1.2.0/24"
  }

  ingress {
    rule_no    = 200
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "10.0.0.0/8"
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 1024
    to_port    = 65535
    cidr_block = "10.0.0.0/8"
  }
}

resource "aws_instance" "app" {
  ami                         = "ami-0a49b025fffbbdac6"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.app.id
  vpc_security_group_ids      = [aws_security_group.app.id]
  associate_public_ip_address = true
}

resource "aws_instance" "data" {
  for_each               = aws_subnet.data
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = each.value.id
  vpc_security_group_ids = [aws_security_group.data.id]
}

resource "aws_instance" "archive" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.archive.id
  vpc_security_group_ids = [aws_security_group.archive.id]
}
